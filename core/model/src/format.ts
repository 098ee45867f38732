import { z } from 'zod';
import type { Mistake } from './errors.ts';

/** Forms that text may have; readers are told their names in words of their language. */
export const FORMATS = [
  'guid',
  'datetime',
  'date',
  'time-of-day',
  'time-zone',
  'ipv4',
  'ipv6',
  'ip',
  'cidrv4',
  'cidrv6',
  'cidr',
  'address-part',
  'address-entry',
  'mac',
  'name',
  'port-range',
  'host-pattern',
  'server',
  'mailbox',
] as const;
export type Format = (typeof FORMATS)[number];

/** Kinds that a JSON value may have. */
export const KINDS = ['string', 'number', 'int', 'boolean', 'array', 'object', 'record'] as const;
export type Kind = (typeof KINDS)[number];

/** A check of a string's form that names the form in its issue. */
export const format = (name: Format, pattern: RegExp) =>
  new z.core.$ZodCheckStringFormat({ check: 'string_format', format: name, pattern });

/** For `refine`: the mistake that a value is which does not pass. */
export const otherwise = (mistake: Mistake) => ({ params: { mistake } });
