/**
 * A record of the workspace, by entity name of the catalog and id.
 * Its text form, a record URI, is `<entity>:<uuid>`, e.g. `people:0198f2a0-…`; restored tool arguments carry it.
 */
export interface RecordRef {
  readonly entity: string
  readonly id: string
}

const URI = /^([a-z_]+):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

export const recordUri = ({ entity, id }: RecordRef): string => `${entity}:${id}`

export const parseRecordUri = (text: string): RecordRef | undefined => {
  const match = URI.exec(text)
  return match ? { entity: match[1]!, id: match[2]! } : undefined
}
