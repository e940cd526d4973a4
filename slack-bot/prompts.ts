/** What can be asked to begin with. */
export const PROMPTS: readonly { readonly title: string; readonly message: string }[] = [
  { title: 'My brief for today', message: 'Give me my brief for today.' },
  { title: 'Open deals by stage', message: 'How many deals are open in each stage?' },
  { title: 'Who went quiet', message: 'Which people have I not spoken to for 30 days?' },
]
