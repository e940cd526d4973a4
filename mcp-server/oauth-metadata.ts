import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/server'
import type { IRouter } from 'express'
import { TOKEN_SCOPES } from '../domain/permissions.ts'
import type { OauthSettings } from './oauth.ts'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** Where clients read which authorization server to go to (RFC 9728). */
export const metadataUrlOf = ({ resource }: OauthSettings): string =>
  getOAuthProtectedResourceMetadataUrl(new URL(resource))

/** Serves that, under the path of the resource and at the root, where some clients look. */
export const mountMetadata = (router: IRouter, settings: OauthSettings): void => {
  const { issuers, resource } = settings
  const document = {
    resource,
    authorization_servers: issuers,
    scopes_supported: TOKEN_SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: 'Tact',
  }
  router.get([WELL_KNOWN, new URL(metadataUrlOf(settings)).pathname], (_request, response) => {
    response.json(document)
  })
}
