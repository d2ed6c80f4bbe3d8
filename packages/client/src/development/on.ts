/** Whether the app is being worked on: its bundler says so, by the condition `development`. */
export const development: boolean = true
