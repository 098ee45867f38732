import type { Id } from '@hypervigil/model';

const KIND = {
  tenant: 1,
  network: 2,
  vm: 3,
  vnic: 4,
  group: 5,
  policy: 6,
  rule: 7,
  addressSet: 8,
  schedule: 9,
  service: 10,
  gateways: 11,
  limit: 12,
  mirror: 13,
} as const;

export const idOf = (kind: keyof typeof KIND, n: number): Id =>
  `000000${String(KIND[kind]).padStart(2, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const macOf = (n: number): string => `52:54:00:00:00:${n.toString(16).padStart(2, '0')}`;

export const nums = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
