import type * as types from '@slack/types'
import type * as api from '@slack/web-api'

/** One exported type a method, named as the method with `_` for each dot: `generate.ts` makes a schema of each. */
export type agents_sessions_rename = api.AgentsSessionsRenameArguments
export type agents_sessions_setStatus = api.AgentsSessionsSetStatusArguments
export type apps_connections_open = api.AppsConnectionsOpenArguments
export type assistant_threads_setStatus = api.AssistantThreadsSetStatusArguments
export type assistant_threads_setSuggestedPrompts = api.AssistantThreadsSetSuggestedPromptsArguments
export type assistant_threads_setTitle = api.AssistantThreadsSetTitleArguments
export type auth_test = api.AuthTestArguments
export type blocks_validate = api.BlocksValidateArguments
export type bots_info = api.BotsInfoArguments
export type chat_appendStream = api.ChatAppendStreamArguments
export type chat_delete = api.ChatDeleteArguments
export type chat_getPermalink = api.ChatGetPermalinkArguments
export type chat_postEphemeral = api.ChatPostEphemeralArguments
export type chat_postMessage = api.ChatPostMessageArguments
export type chat_startStream = api.ChatStartStreamArguments
export type chat_stopStream = api.ChatStopStreamArguments
export type chat_update = api.ChatUpdateArguments
export type conversations_history = api.ConversationsHistoryArguments
export type conversations_info = api.ConversationsInfoArguments
export type conversations_members = api.ConversationsMembersArguments
export type conversations_open = api.ConversationsOpenArguments
export type conversations_replies = api.ConversationsRepliesArguments
export type files_completeUploadExternal = api.FilesCompleteUploadExternalArguments
export type files_getUploadURLExternal = api.FilesGetUploadURLExternalArguments
export type reactions_add = api.ReactionsAddArguments
export type reactions_remove = api.ReactionsRemoveArguments
export type team_info = api.TeamInfoArguments
export type users_conversations = api.UsersConversationsArguments
export type users_info = api.UsersInfoArguments
export type users_lookupByEmail = api.UsersLookupByEmailArguments
export type views_open = api.ViewsOpenArguments
export type views_publish = api.ViewsPublishArguments
export type views_push = api.ViewsPushArguments
export type views_update = api.ViewsUpdateArguments

/** Checked one by one, by their `type`: a union that also takes `Block` would take anything. */
export type known_block = types.KnownBlock
export type known_chunk =
  | types.BlocksChunk
  | types.MarkdownTextChunk
  | types.PlanUpdateChunk
  | types.TaskUpdateChunk
export type modal_view = types.ModalView
export type home_view = types.HomeView
