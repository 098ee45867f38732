import type { Named } from '../mistake.ts';
import type { Words } from './words.ts';

const things: Record<Named, string> = { group: 'group', tenant: 'tenant', vm: 'VM', network: 'network' };

export const en: Words = {
  mistakes: {
    'file-too-large': (p) => `The file is larger than ${p.maximum} MiB. Split it by policies.`,
    'not-yaml': (p) => `This is not YAML: ${p.reason}.`,
    'too-deep': (p) => `This is nested more than ${p.maximum} levels deep; no policy is.`,
    'no-anchors': () => 'Anchors and aliases (& and *) are not taken. Write the value out.',
    'no-tags': () => 'Tags (!) are not taken. Write plain text, and quote what begins with an exclamation mark.',
    'key-twice': (p) => `The key "${p.key}" stands here twice. Keep one.`,
    'one-document': () => 'The file must hold exactly one document. Put groups and policies of all into one.',
    'not-a-policy-set': (p) =>
      `This must begin with apiVersion: hypervigil/v1 and kind: PolicySet; here are ${p.apiVersion} and ${p.kind}. Files of other systems: hv policy import.`,
    'unknown-name': (p) => `There is no ${things[p.what]} called "${p.name}". Correct the name, or create it first.`,
    'ambiguous-name': (p) => `Several are called "${p.name}". Write one of their ids instead: ${p.ids}.`,
  },
};
