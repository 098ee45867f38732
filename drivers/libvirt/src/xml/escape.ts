import { badXml } from './limits.ts';

const PREDEFINED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes the predefined entities and character references; any other entity would need a DTD, so it is refused. */
export function unescapeXml(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&([^;&]{0,12};?)/g, (reference, body: string) => {
    const name = body.endsWith(';') ? body.slice(0, -1) : '';
    const known = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
    if (known !== undefined) return known;
    const code = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
    if (!code) throw badXml(`the entity "${reference}" is not known`);
    const point = code[1] ? Number.parseInt(code[1], 16) : Number(code[2]);
    if (!isXmlCharacter(point)) throw badXml(`the character reference "${reference}" is not allowed`);
    return String.fromCodePoint(point);
  });
}

export function escapeText(value: string): string {
  return refuseForbidden(value).replace(/[&<>\r]/g, escapeOne);
}

/** For attributes in single quotes, as libvirt writes them. Line breaks and tabs would read as spaces otherwise. */
export function escapeAttribute(value: string): string {
  return refuseForbidden(value).replace(/[&<>'\r\n\t]/g, escapeOne);
}

/** Characters that XML 1.0 does not have, not even escaped. Lone surrogates are none either. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function hasForbiddenCharacter(text: string): boolean {
  return FORBIDDEN.test(text);
}

function refuseForbidden(value: string): string {
  if (hasForbiddenCharacter(value)) throw badXml('a value has a character that XML does not allow');
  return value;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;' };

function escapeOne(character: string): string {
  return ESCAPES[character] ?? `&#${character.charCodeAt(0)};`;
}

function isXmlCharacter(point: number): boolean {
  return (
    point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) && !hasForbiddenCharacter(String.fromCodePoint(point))
  );
}
