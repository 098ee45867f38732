/**
 * Reads the subset of the RPC language (RFC 4506, section 6, with Sun's `%` lines) that libvirt's `.x` files use.
 * The result keeps declaration order, which is also dependency order.
 */
export type TypeRef =
  | { kind: 'name'; name: string }
  | { kind: 'optional'; of: TypeRef }
  | { kind: 'array'; of: TypeRef; max: string }
  | { kind: 'vector'; of: TypeRef; length: string }
  | { kind: 'string'; max: string }
  | { kind: 'opaque'; max: string }
  | { kind: 'bytes'; length: string };

export interface Field {
  name: string;
  type: TypeRef;
}

export interface Member {
  name: string;
  value: string;
  /** Which way the stream that the procedure opens carries data, from `@readstream` and `@writestream`. */
  stream: 'read' | 'write' | undefined;
}

export type Declaration =
  | { kind: 'const'; name: string; value: string }
  | { kind: 'typedef'; name: string; type: TypeRef }
  | { kind: 'struct'; name: string; fields: Field[] }
  | { kind: 'enum'; name: string; members: Member[] };

const WORDS: Record<string, string> = { unsigned: 'unsigned int', 'unsigned char': 'char', 'unsigned short': 'short' };

export function parse(source: string): Declaration[] {
  const declarations: Declaration[] = [];
  const code = stripComments(source.replace(/^%.*$/gm, ''));
  const pattern =
    /\bconst\s+(\w+)\s*=\s*(\w+)\s*;|\btypedef\s+([^;]+);|\b(struct|enum)\s+(\w+)\s*\{([^}]*)\}\s*;|\bunion\s+\w+[^{]*\{[^}]*\}\s*;/g;
  for (const [, constant, value, typedef, kind, name, body] of code.matchAll(pattern)) {
    if (constant) declarations.push({ kind: 'const', name: constant, value: value! });
    else if (typedef) declarations.push({ kind: 'typedef', ...parseField(typedef) });
    else if (kind === 'struct') declarations.push({ kind, name: name!, fields: statements(body!).map(parseField) });
    else if (kind === 'enum') declarations.push({ kind, name: name!, members: parseMembers(name!, source) });
  }
  return declarations;
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ');
}

function statements(body: string): string[] {
  return body
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function parseField(statement: string): Field {
  const match = /^(?<type>[\w ]+?)\s*(?<star>\*?)\s*(?<name>\w+)\s*(?:(?<open>[<[])\s*(?<size>\w*)\s*[>\]])?$/.exec(
    statement.replace(/\s+/g, ' ').trim(),
  );
  if (!match?.groups) throw new Error(`cannot read the declaration "${statement}"`);
  const { type, star, name, open, size } = match.groups;
  return { name: name!, type: typeOf(type!, star === '*', open, size ?? '') };
}

function typeOf(word: string, optional: boolean, open: string | undefined, size: string): TypeRef {
  if (word === 'string') return { kind: 'string', max: size };
  if (word === 'opaque') return open === '[' ? { kind: 'bytes', length: size } : { kind: 'opaque', max: size };
  const base: TypeRef = { kind: 'name', name: WORDS[word] ?? word };
  if (optional) return { kind: 'optional', of: base };
  if (open === '<') return { kind: 'array', of: base, max: size };
  if (open === '[') return { kind: 'vector', of: base, length: size };
  return base;
}

/** The annotations live in comments, so members are read from the text that still has them. */
function parseMembers(enumName: string, source: string): Member[] {
  const body = new RegExp(`enum\\s+${enumName}\\s*\\{([\\s\\S]*?)\\n\\};`).exec(source)?.[1] ?? '';
  const members: Member[] = [];
  for (const [, comment, name, value] of body.matchAll(/((?:\/\*[\s\S]*?\*\/\s*)*)(\w+)\s*=\s*(\w+)/g)) {
    const stream = /@(read|write)stream/.exec(comment!.slice(comment!.lastIndexOf('/*')))?.[1];
    members.push({ name: name!, value: value!, stream: stream as Member['stream'] });
  }
  return members;
}
