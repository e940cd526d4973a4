import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { text } from './content.ts'

/** Signs what goes round through the client; a fixture needs no secret that outlives it. */
export const roundState = createRequestStateCodec<{ readonly step: number }>({
  key: crypto.getRandomValues(new Uint8Array(32)),
})

const Named = z.object({ name: z.string() })
const Coloured = z.object({ color: z.string() })
const Confirmed = z.object({ ok: z.boolean() })
const Context = z.object({ context: z.string() })

const askName = (message = 'What is your name?') => inputRequired.elicit({ message, requestedSchema: Named })
const askSampling = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: text(question) }],
    maxTokens,
  })

const singleRounds = (server: McpServer): void => {
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'Asks a name.' },
    (context) => {
      const given = acceptedContent(context.mcpReq.inputResponses, 'user_name', Named)
      if (given === undefined) return inputRequired({ inputRequests: { user_name: askName() } })
      return { content: [text(`Hello, ${given.name}!`)] }
    },
  )
  server.registerTool('test_input_required_result_sampling', { description: 'Asks a model.' }, (context) => {
    const view = inputResponse(context.mcpReq.inputResponses, 'capital_question')
    if (view.kind !== 'sampling') {
      return inputRequired({
        inputRequests: { capital_question: askSampling('What is the capital of France?', 100) },
      })
    }
    return { content: [text(JSON.stringify(view.result.content))] }
  })
  server.registerTool('test_input_required_result_list_roots', { description: 'Asks roots.' }, (context) => {
    const view = inputResponse(context.mcpReq.inputResponses, 'client_roots')
    if (view.kind !== 'roots') {
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
    }
    return { content: [text(view.roots.map(({ uri }) => uri).join('\n'))] }
  })
}

const confirmRound = async (context: ServerContext) => {
  const state = context.mcpReq.requestState<{ readonly step: number }>()
  const given = acceptedContent(context.mcpReq.inputResponses, 'confirm', Confirmed)
  if (given !== undefined && state?.step === 1) return { content: [text('state-ok')] }
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({ message: 'Please confirm', requestedSchema: Confirmed }),
    },
    requestState: await roundState.mint({ step: 1 }),
  })
}

const statefulRounds = (server: McpServer): void => {
  for (const name of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    server.registerTool(name, { description: 'Carries signed state.' }, confirmRound)
  }
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks three things at once.' },
    async (context) => {
      const { inputResponses } = context.mcpReq
      const name = acceptedContent(inputResponses, 'user_name', Named)
      const greeting = inputResponse(inputResponses, 'greeting')
      const roots = inputResponse(inputResponses, 'client_roots')
      if (name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots') {
        return { content: [text(`${name.name}: ${roots.roots.length} roots`)] }
      }
      return inputRequired({
        inputRequests: {
          user_name: askName(),
          greeting: askSampling('Generate a greeting', 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await roundState.mint({ step: 1 }),
      })
    },
  )
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice.' },
    async (context) => {
      const { inputResponses } = context.mcpReq
      const step = context.mcpReq.requestState<{ readonly step: number }>()?.step ?? 0
      const color = acceptedContent(inputResponses, 'step2', Coloured)
      if (step === 2 && color !== undefined) return { content: [text(`You like ${color.color}.`)] }
      const name = acceptedContent(inputResponses, 'step1', Named)
      if (step >= 1 && name !== undefined) {
        return inputRequired({
          inputRequests: {
            step2: inputRequired.elicit({
              message: 'Step 2: What is your favorite color?',
              requestedSchema: Coloured,
            }),
          },
          requestState: await roundState.mint({ step: 2 }),
        })
      }
      return inputRequired({
        inputRequests: { step1: askName('Step 1: What is your name?') },
        requestState: await roundState.mint({ step: 1 }),
      })
    },
  )
}

const capable = (server: McpServer): void => {
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks only what the client said it can answer.' },
    (context) => {
      const { clientCapabilities: can } = clientOf(context)
      const inputRequests = {
        ...(can.elicitation ? { user_name: askName() } : {}),
        ...(can.sampling ? { greeting: askSampling('Generate a greeting', 50) } : {}),
        ...(can.roots ? { client_roots: inputRequired.listRoots() } : {}),
      }
      if (Object.keys(inputRequests).length === 0) return { content: [text('Nothing can be asked.')] }
      return inputRequired({ inputRequests })
    },
  )
  server.registerTool('test_missing_capability', { description: 'Needs sampling.' }, (context) => {
    const view = inputResponse(context.mcpReq.inputResponses, 'greeting')
    if (view.kind === 'sampling') return { content: [text('Sampling is there.')] }
    return inputRequired({ inputRequests: { greeting: askSampling('Generate a greeting', 50) } })
  })
  server.registerTool('test_streaming_elicitation', { description: 'Asks within its result.' }, (context) => {
    const given = acceptedContent(context.mcpReq.inputResponses, 'user_name', Named)
    if (given === undefined) return inputRequired({ inputRequests: { user_name: askName() } })
    return { content: [text(`Hello, ${given.name}!`)] }
  })
}

interface ClientSide {
  readonly clientCapabilities: {
    readonly elicitation?: object
    readonly sampling?: object
    readonly roots?: object
  }
}
const clientOf = (context: ServerContext): ClientSide => ({
  clientCapabilities:
    (context.mcpReq.envelope as Record<string, ClientSide['clientCapabilities']> | undefined)?.[
      CLIENT_CAPABILITIES_META_KEY
    ] ?? {},
})

/** Tools and a prompt that ask in several rounds, as the protocol has it from 2026-07-28. */
export const registerRounds = (server: McpServer): void => {
  singleRounds(server)
  statefulRounds(server)
  capable(server)
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks for its context.' },
    (context) => {
      const given = acceptedContent(context.mcpReq.inputResponses, 'user_context', Context)
      if (given === undefined) {
        return inputRequired({
          inputRequests: {
            user_context: inputRequired.elicit({
              message: 'What context should the prompt use?',
              requestedSchema: Context,
            }),
          },
        })
      }
      return { messages: [{ role: 'user', content: text(given.context) }] }
    },
  )
}
