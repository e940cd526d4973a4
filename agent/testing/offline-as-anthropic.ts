import type {
  LanguageModelV4,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider'
import type { AnthropicBlock, AnthropicRequest } from './fake-anthropic.ts'

type AnthropicContent = Exclude<AnthropicRequest['messages'][number]['content'], string>[number]

const resultOf = (
  block: { tool_use_id: string; content?: unknown; is_error?: boolean | undefined },
  toolName: string,
): LanguageModelV4ToolResultPart => {
  const { content } = block
  const value = Array.isArray(content)
    ? content.map((part: { text: string }) => part.text).join('\n')
    : typeof content === 'string'
      ? content
      : ''
  return {
    type: 'tool-result',
    toolCallId: block.tool_use_id,
    toolName,
    output: block.is_error ? { type: 'error-text', value } : { type: 'text', value },
  }
}

const promptOf = ({ system, messages }: AnthropicRequest): LanguageModelV4Message[] => {
  const prompt: LanguageModelV4Message[] = []
  if (system)
    prompt.push({
      role: 'system',
      content: typeof system === 'string' ? system : system.map(({ text }) => text).join('\n'),
    })
  const names = new Map<string, string>()
  for (const { role, content } of messages) {
    const blocks: readonly AnthropicContent[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content
    if (role === 'assistant') {
      const parts = blocks.flatMap((block): (LanguageModelV4TextPart | LanguageModelV4ToolCallPart)[] => {
        if (block.type === 'text') return [{ type: 'text' as const, text: block.text }]
        if (block.type !== 'tool_use') return []
        names.set(block.id, block.name)
        return [
          { type: 'tool-call' as const, toolCallId: block.id, toolName: block.name, input: block.input },
        ]
      })
      prompt.push({ role, content: parts })
      continue
    }
    const results = blocks.flatMap((block) =>
      block.type === 'tool_result' ? [resultOf(block, names.get(block.tool_use_id) ?? 'unknown')] : [],
    )
    const texts = blocks.flatMap((block) =>
      block.type === 'text' ? [{ type: 'text' as const, text: block.text }] : [],
    )
    if (results.length > 0) prompt.push({ role: 'tool', content: results })
    if (texts.length > 0) prompt.push({ role: 'user', content: texts })
  }
  return prompt
}

/** What a local model would answer to a request of Anthropic's form: lets whole conversations run against the stand-in. */
export const answerLike =
  (model: () => LanguageModelV4) =>
  async (request: AnthropicRequest): Promise<readonly AnthropicBlock[]> => {
    const { content } = await model().doGenerate({ prompt: promptOf(request) })
    return content.flatMap((part): AnthropicBlock[] => {
      if (part.type === 'text') return part.text ? [{ type: 'text', text: part.text }] : []
      if (part.type !== 'tool-call') return []
      return [{ type: 'tool_use', id: part.toolCallId, name: part.toolName, input: JSON.parse(part.input) }]
    })
  }
