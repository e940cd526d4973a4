declare module 'snowball-stemmers' {
  export const newStemmer: (algorithm: string) => { readonly stem: (word: string) => string }
}
declare module 'stopword' {
  export const eng: readonly string[]
  export const deu: readonly string[]
  export const fra: readonly string[]
  export const spa: readonly string[]
  export const ita: readonly string[]
  export const por: readonly string[]
  export const nld: readonly string[]
  export const swe: readonly string[]
  export const dan: readonly string[]
  export const nob: readonly string[]
  export const fin: readonly string[]
  export const rus: readonly string[]
}
