import { entityOf } from '../../db/catalog/all.ts'
import type { Entity } from '../../db/catalog/all.ts'
import { askable, shapeOf } from '../../query/fields.ts'
import type { Field } from '../../query/fields.ts'
import { segmentsOf } from '../../query/segments.ts'

/** Entities that hold one link each; questions need them only to count over who took part in what. */
const isLink = ({ title, handle, name }: Entity): boolean =>
  title === undefined && handle === undefined && shapeOf(name).ones.size > 1

const STAMPS = ['id', 'created_at', 'updated_at', 'source', 'fault', 'quoted_text', 'signature_text']

const brief = ({ name, type, values }: Field): string =>
  values ? `${name}(${values.join('|')})` : type === 'text' ? name : `${name}:${type}`

export interface EntityLine {
  readonly name: string
  readonly about: string
  readonly also: readonly string[]
  readonly fields: string
  readonly relations: string
}

/** Entities at a glance, the links among them by name alone. */
export const overview = (): {
  readonly entities: readonly EntityLine[]
  readonly links: readonly string[]
  readonly more: string
} => {
  const all = askable().filter(({ minor }) => !minor)
  const isShown = ({ entity }: { readonly entity: string }): boolean => !entityOf(entity).minor
  const entities = all
    .filter((entity) => !isLink(entity))
    .map((entity) => {
      const { fields, ones, manys } = shapeOf(entity.name)
      return {
        name: entity.name,
        about: entity.about,
        also: entity.words ?? [],
        fields: [...fields.values()]
          .filter(({ name, minor }) => !minor && !STAMPS.includes(name))
          .map(brief)
          .join(', '),
        relations: [
          ...[...ones.values()].filter(isShown).map((one) => `${one.name}→${one.entity}`),
          ...[...manys.values()]
            .filter(isShown)
            .map((many) => (many.name === many.entity ? `${many.name}⇉` : `${many.name}⇉${many.entity}`)),
        ].join(', '),
      }
    })
  return {
    entities,
    links: all.filter(isLink).map(({ name }) => `${name}(${[...shapeOf(name).ones.keys()].join(', ')})`),
    more: askable()
      .filter(({ minor }) => minor)
      .map(({ name }) => name)
      .join(', '),
  }
}

export interface EntityDetail {
  readonly name: string
  readonly one: string
  readonly about: string
  readonly also: readonly string[]
  readonly fields: readonly {
    readonly name: string
    readonly type: string
    readonly hidden: boolean
    readonly about?: string
    readonly also?: readonly string[]
    readonly values?: readonly string[]
  }[]
  readonly relations: readonly {
    readonly name: string
    readonly to: string
    readonly several: boolean
    readonly also?: readonly string[]
    readonly about?: string
  }[]
  readonly segments?: readonly { readonly name: string; readonly about: string }[]
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined || (Array.isArray(value) && value.length === 0)
    ? {}
    : ({ [key]: value } as { readonly [P in K]?: V })

export const detail = (name: string): EntityDetail => {
  const { entity, fields, ones, manys } = shapeOf(name)
  return {
    name: entity.name,
    one: entity.one,
    about: entity.about,
    also: entity.words ?? [],
    fields: [...fields.values()].map((field) => ({
      name: field.name,
      type: field.type,
      hidden: field.hide !== 'none' || field.type === 'record',
      ...optional('about', field.about),
      ...optional('also', field.words),
      ...optional('values', field.values),
    })),
    relations: [...ones.values(), ...manys.values()].map((relation) => ({
      name: relation.name,
      to: relation.entity,
      several: manys.has(relation.name),
      ...optional('also', relation.words),
      ...optional('about', relation.about),
    })),
    ...optional(
      'segments',
      segmentsOf(name).map((segment) => ({
        name: segment.days === undefined ? segment.name : `${segment.name}(${segment.days})`,
        about: segment.about.replace('{days}', String(segment.days)),
      })),
    ),
  }
}
