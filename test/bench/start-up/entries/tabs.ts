export * from 'millrace/tabs'
