const CARRIERS: readonly RegExp[] = [
  /!\[[^\]]*\]\s*[([]/u,
  /<\s*(?:img|a|iframe|script|link|object|embed|svg|form|meta|style|video|audio|base)\b/iu,
  /\b[a-z][a-z0-9+.-]*:\/\//iu,
  /(?<![\p{L}\p{N}])(?:javascript|data|vbscript):\S/iu,
  /(?<![\p{L}\p{N}@.\]])www\.[\p{L}\p{N}-]+\./iu,
  /(?<![\p{L}\p{N}:/])\/\/[\p{L}\p{N}-]+\.[\p{L}\p{N}]/iu,
  /(?<![\p{L}\p{N}@._-])[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:com|net|org|io|ai|ly|co|de|ru|info|xyz|app|dev)(?:[/?#:]|\b)/iu,
  /[\u{e0000}-\u{e007f}\u200b\u202a-\u202e\u2066-\u2069]/u,
]

/** Whether a text still holds something that a renderer would load, or make a link of; or letters nobody sees. */
export const liveIn = (text: string): boolean => CARRIERS.some((carrier) => carrier.test(text))
