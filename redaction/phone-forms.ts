import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import type { CountryCode, PhoneNumber } from 'libphonenumber-js'

/** Where numbers without a country code are looked for when a workspace says nothing else. */
export const DEFAULT_COUNTRIES: readonly CountryCode[] = ['US', 'GB', 'DE']

const supported = new WeakMap<readonly string[], readonly CountryCode[]>()

export const supportedCountries = (codes: readonly string[]): readonly CountryCode[] => {
  const known = supported.get(codes) ?? readCountries(codes)
  supported.set(codes, known)
  return known
}

const readCountries = (codes: readonly string[]): readonly CountryCode[] => {
  const known = codes
    .map((code) => code.toUpperCase())
    .filter((code): code is CountryCode => isSupportedCountry(code))
  return known.length > 0 ? known : DEFAULT_COUNTRIES
}

/** A number that the metadata holds possible, with its country code or in the first country where it is valid. */
export const readPhone = (text: string, countries: readonly CountryCode[]): PhoneNumber | undefined => {
  const international = text.replace(/^\s*00(?=[1-9])/u, '+')
  if (/^\s*\(?\+/u.test(international)) {
    const number = parsePhoneNumberFromString(international)
    return number?.isPossible() === true ? number : undefined
  }
  let loose: PhoneNumber | undefined
  for (const [at, country] of countries.entries()) {
    const number = parsePhoneNumberFromString(international, country)
    if (number?.isValid() === true) return number
    if (at === 0) loose = number
  }
  return loose?.isPossible() === true ? loose : undefined
}

/** E.164 (with `;ext=`), and the number as people write it; digits in groups as typed count too. */
export const phoneForms = (
  text: string,
  countries: readonly string[],
): { readonly canonical: string; readonly written: readonly string[] } => {
  const number = readPhone(text, supportedCountries(countries))
  if (!number) return { canonical: text, written: [text] }
  const digits = number.number.replace('+', '')
  return {
    canonical: canonicalPhone(number),
    written: [
      ...new Set([
        text,
        number.formatInternational(),
        number.formatNational(),
        digits,
        number.nationalNumber,
        number.formatNational().replace(/\D/gu, ''),
      ]),
    ],
  }
}

export const canonicalPhone = (number: PhoneNumber): string =>
  number.ext === undefined ? number.number : `${number.number};ext=${number.ext}`
