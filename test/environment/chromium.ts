import { findProgram, installWithApt, isExecutable } from './program.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/** The absolute path of a Chromium: `CHROMIUM_PATH`, else the system's; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named) {
    if (!isExecutable(named)) {
      throw new Error(
        `Cannot use CHROMIUM_PATH: ${named} is not an executable file. Set it to a Chromium's absolute path, or unset it.`,
      )
    }
    return named
  }
  return findProgram(names, elsewhere)
}

/** Like {@link findChromium}, but installs it through apt where that is possible, and throws where it is not. */
export function ensureChromium(): string {
  const found = findChromium()
  if (found) return found
  const installed = installWithApt('chromium', 'the browser tests need it.')
    ? findChromium()
    : undefined
  if (installed) return installed
  throw new Error(
    'Cannot run the browser tests: no Chromium was found. Install Chromium or Chrome, or set CHROMIUM_PATH to its absolute path.',
  )
}

/**
 * What no test needs. Of such lists Chromium keeps the last one, so what Playwright has in its own is here again, but for
 * the storage of frames: pages of two sites share none, as everywhere.
 */
const needless = [
  // Two pages behind the address bar of each window: they cost more than all else of it.
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
]

/** What lets Chromium start as root, and keeps it from calling out: both matter in containers. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  `--disable-features=${needless.join(',')}`,
  '--disable-sync',
]
