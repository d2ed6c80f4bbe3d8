export * from 'millrace'
