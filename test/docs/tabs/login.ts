// tabs/login.ts
import { tabs } from './pool.ts'

export function loggedIn(user: { readonly id: string }) {
  tabs.setScope(user.id)
}

export function loggedOut() {
  tabs.setScope(undefined)
}
