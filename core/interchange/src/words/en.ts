import type { Named } from '../mistake.ts';
import type { Words } from './words.ts';

const things: Record<Named, string> = {
  group: 'group',
  tenant: 'tenant',
  vm: 'VM',
  network: 'network',
  'address-set': 'address set',
  schedule: 'schedule',
  'named-service': 'service',
  'gateway-group': 'group of gateways',
  mirror: 'mirror',
};

export const en: Words = {
  reasons: {
    'built-in': () => 'the platform does this by itself',
    'never-matches': () => 'no traffic between VMs can match it',
    'members-unknown': (p) =>
      `the file does not say which VMs are in ${p.group}; give them the tag ${p.tag}, or name them`,
    'both-families': (p) => `it spoke of ${p.family} only; a group has no IP version, so it speaks of both now`,
    'answers-vms': () => 'VMs are told that they are refused; whoever is outside of the cloud is not',
    'log-elsewhere': () => 'logging belongs to a rule here: set log on the rules that decide',
    'source-ports': () => 'rules have no source ports',
    interface: (p) => `rules have no interfaces (${p.name}); name the addresses or groups behind it`,
    'own-address': () =>
      'the side that is the machine itself has an address too; a single one stands for the machine, others cannot',
    'unknown-match': (p) => `nothing here corresponds to ${p.match}`,
    'unknown-target': (p) => `nothing here corresponds to the action ${p.target}`,
    'unknown-group': (p) => `the group ${p.name} is not in the file`,
    'unknown-set': (p) => `the addresses of ${p.name} are not in the file`,
    'unknown-protocol': (p) => `the protocol ${p.protocol} cannot be said with these ports`,
    'unknown-kind': (p) => `objects of the kind ${p.kind} are not read`,
    'negated-protocol': () => 'every protocol but one cannot be said; write a rule for the one before it',
    'no-direction': () => 'the direction is missing; list the rules with --long',
    'other-table': (p) => `the table ${p.table} is not about filtering`,
    'for-hosts': () => 'it protects hosts, not VMs',
    'switched-off': () => 'the firewall is switched off there; its rules are in force here',
    'one-vnic': (p) => `rules speak of a VM with all its vNICs, not of ${p.name} alone`,
    'link-layer': (p) =>
      `rules of the link layer (${p.protocol}) cannot be said; the platform guards MAC and IP addresses by itself`,
    stateless: () => 'it followed no connections; here replies pass by themselves',
    'named-port': (p) => `the number of the port ${p.port} is in the pod, not in the file`,
    'label-expression': (p) => `${p.key} is asked for in a way that tags have no room or no words for`,
    'namespace-labels': () => 'the labels of namespaces are not in the file; add the Namespace objects',
    'every-namespace': () => 'which namespaces there are is not in the file; add the Namespace objects',
    'not-addresses': (p) => `${p.what} are not addresses or groups of VMs`,
    'pass-before-more': () => 'a pass before other admin rules of egress cannot be said',
    'too-many-rules': (p) => `written out, it comes to more than ${p.maximum} rules`,
    unreadable: (p) => `this cannot be read: ${p.what}`,
  },
  mistakes: {
    'file-too-large': (p) => `The file is larger than ${p.maximum} MiB. Split it by policies.`,
    'not-yaml': (p) => `This is not YAML: ${p.reason}.`,
    'not-xml': (p) => `This is not XML that can be read: ${p.reason}.`,
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
