export { shareTabs, type ShareTabsOptions, type SharedTabs } from './share-tabs.ts'
