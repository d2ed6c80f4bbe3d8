import { act } from 'react'
import type { Wrap } from '../delivery.ts'

/** React's `act`, with its environment switched on for as long as it runs. */
export const inAct: Wrap = async (deliver) => {
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean | undefined }
  const before = environment.IS_REACT_ACT_ENVIRONMENT
  environment.IS_REACT_ACT_ENVIRONMENT = true
  try {
    await act(deliver)
  } finally {
    environment.IS_REACT_ACT_ENVIRONMENT = before
  }
}
