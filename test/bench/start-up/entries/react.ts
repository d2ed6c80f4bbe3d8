export * from 'millrace/react'
