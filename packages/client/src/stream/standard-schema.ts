/**
 * A schema of any library that keeps to Standard Schema, version 1 (https://standardschema.dev): zod, valibot, ArkType
 * and others. What Millrace needs of it.
 *
 * @example
 * const OrderSchema: StandardSchema<unknown, { id: string }> = z.object({ id: z.string() })
 * eventStream('/orders', { events: { order: OrderSchema } })
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The version of the standard, who made the schema, and its `validate`. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Validation<Output> | Promise<Validation<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type Validation<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Whether something is a schema; with some libraries it is a function too. */
export function isSchema(decoder: object): decoder is StandardSchema<unknown, unknown> {
  return '~standard' in decoder
}

/** What a schema makes of a value, or a promise of that where it takes its time; throws, or rejects with, its issues. */
export function validate(schema: StandardSchema<unknown, unknown>, value: unknown): unknown {
  const validation = schema['~standard'].validate(value)
  // A promise of another realm, or of a library of its own, is one too.
  return 'then' in validation ? Promise.resolve(validation).then(outputOf) : outputOf(validation)
}

function outputOf(validation: Validation<unknown>): unknown {
  if (validation.issues === undefined) return validation.value
  throw new SchemaIssues(validation.issues)
}

const SHOWN = 3

/** That a value is not what its schema describes. */
export class SchemaIssues extends Error {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    const shown = issues.slice(0, SHOWN).map(described)
    if (issues.length > SHOWN) shown.push(`and ${issues.length - SHOWN} more`)
    super(shown.join('; '))
    this.issues = issues
  }
}

function described({ path = [], message }: Issue): string {
  const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  return place === '' ? message : `${place}: ${message}`
}
