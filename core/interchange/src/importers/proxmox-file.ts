import type { At } from './report.ts';

export interface SourceRule {
  readonly at: At;
  readonly enabled: boolean;
  /** `IN`, `OUT`, `FORWARD` or `GROUP`. */
  readonly type: string;
  /** `ACCEPT`, `DROP`, `REJECT`, or the name of the group. */
  readonly action: string;
  readonly macro: string | undefined;
  readonly options: ReadonlyMap<string, string>;
  /** What stands where an option should. */
  readonly stray: string | undefined;
  readonly comment: string;
}

/** A `.fw` file by its sections. */
export interface FirewallFile {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly ipsets: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly SourceRule[]>;
  readonly rules: readonly SourceRule[];
  /** Where the file begins to speak: its first section. */
  readonly at: At;
}

/** Reads the sections of a file; lines that belong to none are left out. */
export function readFirewallFile(name: string, text: string): FirewallFile {
  const options = new Map<string, string>();
  const aliases = new Map<string, string>();
  const ipsets = new Map<string, string[]>();
  const groups = new Map<string, SourceRule[]>();
  const rules: SourceRule[] = [];
  let first: At | undefined;
  let take: (words: string, comment: string, at: At) => void = () => {};
  for (const [i, line] of text.split('\n').entries()) {
    const at = { file: name, line: i + 1, source: line };
    const [, body = '', comment = ''] = line.match(/^([^#]*)(?:#(.*))?$/) ?? [];
    const words = body.trim();
    const [, header] = words.match(/^\[([^\]]+)\]$/) ?? [];
    if (header !== undefined) {
      first ??= at;
      const [kind = '', label = ''] = header.trim().split(/\s+/);
      take =
        (
          {
            options: (text) => {
              const [key = '', value = ''] = text.split(':', 2);
              options.set(key.trim().toLowerCase(), value.trim());
            },
            aliases: (text) => {
              const [key = '', value = ''] = text.split(/\s+/);
              aliases.set(key.toLowerCase(), value);
            },
            rules: (text, comment, at) => rules.push(ruleOf(text, comment, at)),
            ipset: (text) => ipsets.get(label.toLowerCase())?.push(text),
            group: (text, comment, at) => groups.get(label.toLowerCase())?.push(ruleOf(text, comment, at)),
          } as Readonly<Record<string, typeof take>>
        )[kind.toLowerCase()] ?? (() => {});
      if (/^ipset$/i.test(kind)) ipsets.set(label.toLowerCase(), []);
      if (/^group$/i.test(kind)) groups.set(label.toLowerCase(), []);
    } else if (words !== '') take(words, comment.trim(), at);
  }
  return { name, options, aliases, ipsets, groups, rules, at: first ?? { file: name, line: 1, source: name } };
}

/** `|IN SSH(ACCEPT) -i net0 -source 10.0.0.1 -log info` */
function ruleOf(text: string, comment: string, at: At): SourceRule {
  const [type = '', target = '', ...rest] = text.replace(/^\|/, '').trim().split(/\s+/);
  const [, macro, inner] = target.match(/^([^()]+)\(([^()]+)\)$/) ?? [];
  const options = new Map<string, string>();
  let stray: string | undefined;
  for (let i = 0; i < rest.length; i++) {
    const [, flag] = rest[i]!.match(/^--?([a-z-]+)$/i) ?? [];
    if (flag === undefined) stray ??= rest[i];
    else options.set(flag.toLowerCase(), rest[++i] ?? '');
  }
  const action = type.toUpperCase() === 'GROUP' ? target : (inner ?? target).toUpperCase();
  return { at, enabled: !text.startsWith('|'), type: type.toUpperCase(), action, macro, options, stray, comment };
}
