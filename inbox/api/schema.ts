import { z } from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 takes as it is: what may be sent, or what is answered at least. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as Record<string, unknown>
  return rest
}

/** Of a query: its parameters by name. */
export const propertiesOf = (schema: z.ZodObject): Readonly<Record<string, JsonSchema>> =>
  (jsonSchemaOf(schema)['properties'] ?? {}) as Record<string, JsonSchema>
