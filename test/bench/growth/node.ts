import { measurePoint, type Point } from './point.ts'

// A process of its own, so that what one size has taught the compiler is nothing to another.
const point = JSON.parse(process.argv[2] ?? '') as Point
process.send?.(await measurePoint(point), () => process.exit())
