import type { Attachment } from './letter.ts'

const escapePdf = (text: string): string => text.replace(/[\\()]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')

/** A one-page PDF with a few lines of text: small, and valid (cross-reference table with true offsets). */
export const pdf = (filename: string, lines: readonly string[]): Attachment => {
  const drawn = lines
    .map((line, index) => `1 0 0 1 72 ${720 - index * 18} Tm (${escapePdf(line)}) Tj`)
    .join('\n')
  const stream = `BT /F1 11 Tf\n${drawn}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = out.length
    out += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = out.length
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return { filename, mimeType: 'application/pdf', bytes: Buffer.from(out, 'latin1') }
}

export const csv = (filename: string, rows: readonly (readonly (string | number)[])[]): Attachment => ({
  filename,
  mimeType: 'text/csv',
  bytes: Buffer.from(`${rows.map((row) => row.join(',')).join('\r\n')}\r\n`, 'utf8'),
})
