import type { ReactElement } from 'react'

const paddles = [0, 45, 90, 135, 180, 225, 270, 315]

/** The mark: a wheel over its race. It turns while the stream is open. */
export function Mark(): ReactElement {
  return (
    <svg className="mark" viewBox="0 0 48 48" aria-hidden="true">
      <g className="wheel">
        <circle cx="24" cy="20" r="11" />
        <circle cx="24" cy="20" r="2.5" className="hub" />
        {paddles.map((angle) => (
          <g key={angle} transform={`rotate(${angle} 24 20)`}>
            <path d="M24 16.5V9" className="spoke" />
            <path d="M24 7.5V4.5" className="paddle" />
          </g>
        ))}
      </g>
      <path className="stream" d="M2 39c5.5-5 9.2-5 14.7 0s9.2 5 14.6 0 9.2-5 14.7 0" />
    </svg>
  )
}
