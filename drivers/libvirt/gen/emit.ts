import type { Declaration, Field, Member, TypeRef } from './parse.ts';

/** What differs between the files: the prefixes of their names and the program that their procedures belong to. */
export interface Dialect {
  /** The `.x` file, relative to libvirt's `src/`. */
  source: string;
  /** The module to write, relative to `src/gen/`. */
  target: string;
  typePrefix: RegExp;
  constPrefix: RegExp;
  procedures?: { enumName: string; prefix: string; program: string; version: string };
  /** The only names that other modules need; the rest stays inside, or is left out where nothing refers to it. */
  exported?: string[];
  /** Types from another generated module. */
  imports?: { from: string; names: Record<string, string> };
}

const PRIMITIVES: Record<string, string> = {
  int: 'int',
  'unsigned int': 'uint',
  hyper: 'hyper',
  'unsigned hyper': 'uhyper',
  double: 'double',
  char: 'int',
  short: 'int',
};

/** Lengths that `.x` files take from C headers (libvirt-common.h, libvirt-host.h). */
const C_CONSTANTS: Record<string, number> = {
  VIR_UUID_BUFLEN: 16,
  VIR_SECURITY_MODEL_BUFLEN: 257,
  VIR_SECURITY_LABEL_BUFLEN: 4097,
  VIR_SECURITY_DOI_BUFLEN: 257,
};

/** Types with another name here: UUIDs are canonical text, and the others' names are taken. */
const RENAMED: Record<string, string> = {
  remote_uuid: 'uuid',
  virNetMessageUUID: 'uuid',
  remote_string: 'nullableString',
  remote_node_get_cpu_stats: 'nodeCpuStat',
  remote_node_get_memory_stats: 'nodeMemoryStat',
};
const SKIPPED = new Set(['remote_uuid', 'virNetMessageUUID', 'remote_typed_param', 'remote_typed_param_value']);

export function emit(dialect: Dialect, declarations: Declaration[]): string {
  const numbers = new Map(Object.entries(C_CONSTANTS));
  const structs = new Map<string, Field[]>();
  const enums = new Set<string>();
  const used = new Set<string>();
  const lines: string[] = [];

  const constName = (name: string) => name.replace(dialect.constPrefix, '');
  const typeName = (name: string) => RENAMED[name] ?? camel(name.replace(dialect.typePrefix, ''));
  const size = (text: string) => {
    const value = numbers.get(text) ?? Number(text);
    if (!Number.isSafeInteger(value)) throw new Error(`unknown length ${text} in ${dialect.source}`);
    return value;
  };
  const use = (name: string) => {
    used.add(name);
    return name;
  };
  const codec = (type: TypeRef): string => {
    switch (type.kind) {
      case 'name':
        if (PRIMITIVES[type.name]) return use(PRIMITIVES[type.name]!);
        if (enums.has(type.name)) return use('int');
        if (structs.has(type.name)) return body(type.name);
        return use(dialect.imports?.names[type.name] ?? typeName(type.name));
      case 'optional':
        return `${use('optional')}(${codec(type.of)})`;
      case 'array':
        if (type.of.kind === 'name' && type.of.name === 'remote_typed_param')
          return `${use('typedParams')}(${size(type.max)})`;
        return `${use('array')}(${codec(type.of)}, ${size(type.max)})`;
      case 'vector':
        return `${use('vector')}(${codec(type.of)}, ${size(type.length)})`;
      case 'string':
        return `${use('string')}(${size(type.max)})`;
      case 'opaque':
        return `${use('opaque')}(${size(type.max)})`;
      case 'bytes':
        return `${use('bytes')}(${size(type.length)})`;
    }
  };
  const struct = (fields: Field[]) =>
    `${use('struct')}({ ${fields.map((field) => `${camel(field.name)}: ${codec(field.type)}`).join(', ')} })`;
  const body = (name: string) => {
    const fields = structs.get(name);
    return fields ? struct(fields) : use('empty');
  };
  const procedure = (member: Member) => {
    const { prefix, program, version } = dialect.procedures!;
    const name = member.name.slice(prefix.length);
    const base = `${program.split('_')[0]!.toLowerCase()}_${name.toLowerCase()}`;
    const id = `${constName(program)}, ${constName(version)}, ${member.value}, '${name}'`;
    if (structs.has(`${base}_msg`))
      return `export const ${camel(name.toLowerCase())} = ${use('event')}(${id}, ${body(`${base}_msg`)});`;
    const stream = member.stream ? `, '${member.stream}'` : '';
    return `export const ${camel(name.toLowerCase())} = ${use('procedure')}(${id}, ${body(`${base}_args`)}, ${body(`${base}_ret`)}${stream});`;
  };

  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'const':
        numbers.set(declaration.name, numbers.get(declaration.value) ?? Number(declaration.value));
        if (!/_(MAX|LEN)$/.test(declaration.name) || dialect.procedures === undefined)
          lines.push(`export const ${constName(declaration.name)} = ${declaration.value};`);
        break;
      case 'typedef':
        if (!SKIPPED.has(declaration.name))
          lines.push(`export const ${typeName(declaration.name)} = ${codec(declaration.type)};`);
        break;
      case 'struct':
        if (/_(args|ret|msg)$/.test(declaration.name)) structs.set(declaration.name, declaration.fields);
        else if (!SKIPPED.has(declaration.name))
          lines.push(`export const ${typeName(declaration.name)} = ${struct(declaration.fields)};`);
        break;
      case 'enum':
        enums.add(declaration.name);
        if (declaration.name === dialect.procedures?.enumName) lines.push(...declaration.members.map(procedure));
        else {
          const members = declaration.members.map((m) => `${constName(m.name)}: ${m.value}`).join(', ');
          lines.push(`export const ${typeName(declaration.name)} = { ${members} } as const;`);
        }
    }
  }
  return [`// Generated by gen/generate.ts from the facts in libvirt's ${dialect.source}. Do not edit.`]
    .concat(importLines(dialect, used), '', onlyExported(lines, dialect.exported), '')
    .join('\n');
}

/** From the last line up: nothing refers to what comes later. */
function onlyExported(lines: string[], exported: string[] | undefined): string[] {
  if (!exported) return lines;
  return lines.reduceRight<string[]>((kept, line) => {
    const name = /^export const (\w+)/.exec(line)?.[1] ?? '';
    if (exported.includes(name)) return [line, ...kept];
    const used = kept.some((later) => new RegExp(`\\b${name}\\b`).test(later));
    return used ? [line.replace('export ', ''), ...kept] : kept;
  }, []);
}

const HOME: Record<string, string[]> = {
  '../rpc/procedure.ts': ['event', 'procedure'],
  '../xdr/codec.ts': 'array bytes double empty hyper int opaque optional string struct uhyper uint vector'.split(' '),
  '../xdr/typed-params.ts': ['typedParams'],
  '../xdr/uuid.ts': ['uuid'],
};

function importLines(dialect: Dialect, used: Set<string>): string[] {
  const homes = { ...HOME };
  if (dialect.imports) homes[dialect.imports.from] = Object.values(dialect.imports.names);
  return Object.entries(homes).flatMap(([from, names]) => {
    const needed = names.filter((name) => used.has(name));
    return needed.length > 0 ? [`import { ${needed.join(', ')} } from '${from}';`] : [];
  });
}

function camel(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase()).replace(/_+(\w)/g, (_, c: string) => c.toUpperCase());
}
