/** What was wrong with a message that was kept all the same; stored in emails.fault, several joined by commas. */
export const FAULTS = {
  unparsable: 'The structure could not be read; the whole source stands in for the text.',
  no_message_id: 'No Message-ID; one was made from the content.',
  bad_message_id: 'The Message-ID is too long; one was made from the content.',
  no_date: 'No date at all; the time of the import stands in.',
  bad_date: 'The date could not be believed; the time of arrival stands in.',
  no_sender: 'No sender.',
  charset_repaired: 'The declared character set was missing or wrong; another one was found to fit.',
  unreadable_characters: 'Some characters could not be decoded.',
  control_characters: 'NUL characters were taken out.',
  text_cut: 'The text was cut at its allowed length.',
  same_message_id: 'Another message with other content carries the same Message-ID.',
} as const
export type Fault = keyof typeof FAULTS
