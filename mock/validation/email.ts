import { domainToASCII } from 'node:url';
import { fail, type Parser } from './errors.ts';

/** Top-level domains without mail (RFC 6761 and others). */
const RESERVED = /(?:^|\.)(?:arpa|invalid|local|localhost|onion|test)$/;

/**
 * Parses an e-mail address as pydantic's EmailStr does: removes a display name, and lower-cases the domain
 * (REGISTRATION-004).
 */
export const emailParser: Parser = (input, errors, state) => {
  if (typeof input !== 'string') return fail(errors, 'string_type', 'Input should be a valid string', input);
  state.exactness = 0;
  const address = (/^[^<>]*<([^<>]+)>\s*$/.exec(input)?.[1] ?? input).trim();
  const reason = whyNone(address);
  if (reason) return fail(errors, 'value_error', `value is not a valid email address: ${reason}`, input, { reason });
  const at = address.lastIndexOf('@');
  return address.slice(0, at).normalize('NFC') + address.slice(at).normalize('NFC').toLowerCase();
};

/** The first error, in the words of email-validator. */
function whyNone(address: string): string | undefined {
  const at = address.indexOf('@');
  if (at < 0) return 'An email address must have an @-sign.';
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  return whyNoLocalPart(local) ?? whyNoDomain(domain);
}

function whyNoLocalPart(local: string): string | undefined {
  if (local === '') return 'There must be something before the @-sign.';
  if (/^".*"$/.test(local)) return 'Quoting the part before the @-sign is not allowed here.';
  const strange = strangeIn(local, /[^.\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10FFFF}]/gu);
  if (strange) return `The email address contains invalid characters before the @-sign: ${strange}.`;
  if (local.startsWith('.')) return 'An email address cannot start with a period.';
  if (local.endsWith('.')) return 'An email address cannot have a period immediately before the @-sign.';
  if (local.includes('..')) return 'An email address cannot have two periods in a row.';
  return undefined;
}

function whyNoDomain(domain: string): string | undefined {
  if (domain === '') return 'There must be something after the @-sign.';
  if (/^\[.*\]$/.test(domain)) return 'A bracketed IP address after the @-sign is not allowed here.';
  const strange = strangeIn(domain, /[^a-zA-Z0-9.\-\u0080-\u{10FFFF}]/gu);
  if (strange) return `The part after the @-sign contains invalid characters: ${strange}.`;
  if (domain.startsWith('.')) return 'An email address cannot have a period immediately after the @-sign.';
  if (domain.endsWith('.')) return 'An email address cannot end with a period.';
  if (domain.includes('..')) return 'An email address cannot have two periods in a row.';
  if (domain.startsWith('-')) return 'An email address cannot have a hyphen immediately after the @-sign.';
  if (domain.endsWith('-')) return 'An email address cannot end with a hyphen.';
  if (/\.-|-\./.test(domain)) return 'An email address cannot have a period and a hyphen next to each other.';
  if (!domain.includes('.')) return 'The part after the @-sign is not valid. It should have a period.';
  if (RESERVED.test(domain.toLowerCase()))
    return 'The part after the @-sign is a special-use or reserved name that cannot be used with email.';
  if (!/[a-z]$/.test(domainToASCII(domain)))
    return 'The part after the @-sign is not valid. It is not within a valid top-level domain.';
  return undefined;
}

/** The forbidden characters, in Python's notation. */
const strangeIn = (text: string, pattern: RegExp): string =>
  [...new Set(text.match(pattern) ?? [])].sort().map(shownSign).join(', ');

function shownSign(sign: string): string {
  if (sign === ' ') return 'SPACE';
  if (sign < ' ') return `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return sign === "'" ? `"'"` : `'${sign}'`;
}
