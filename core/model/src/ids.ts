import { z } from 'zod';
import { format, otherwise } from './format.ts';

/**
 * An identifier in the form of a UUID. VMs keep libvirt's own, so one VM has one id wherever it runs; libvirt takes any
 * 128 bits, and imported VMs bring such without RFC 9562's version and variant.
 */
export const Id = z.guid();
export type Id = z.infer<typeof Id>;

/** A name that people type and read: letters of any script, digits, and `. _ -` in between; at most 63 characters. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .check(format('name', /^[\p{L}\p{N}](?:[\p{L}\p{N}._ -]*[\p{L}\p{N}])?$/u));
export type Name = z.infer<typeof Name>;

/** An instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/** A number that a switch register carries in place of an id: 1 … 2³²−1, given once, never reused. */
export const Num = z.int().min(1).max(0xffff_ffff);
export type Num = z.infer<typeof Num>;

/** Tags of a VM, `key → value`, as groups select them. */
export const Tags = z
  .record(z.string().min(1).max(63), z.string().max(255))
  .refine((t) => Object.keys(t).length <= 50, otherwise({ code: 'too-many', params: { maximum: 50 } }));
export type Tags = z.infer<typeof Tags>;
