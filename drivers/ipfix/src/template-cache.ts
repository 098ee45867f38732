import { type Expectation, SequenceTracker } from './sequence.ts';
import type { Template } from './template.ts';

/** Bounds of what exporters may make us remember. */
export interface CacheLimits {
  /** Exporters (one per transport session); the one unheard for longest makes room. */
  readonly exporters: number;
  readonly domainsPerExporter: number;
  readonly templatesPerDomain: number;
  readonly fieldsPerTemplate: number;
  /** Fields of all templates together. */
  readonly fields: number;
}

export const DEFAULT_LIMITS: CacheLimits = Object.freeze({
  exporters: 256,
  domainsPerExporter: 64,
  templatesPerDomain: 1024,
  fieldsPerTemplate: 256,
  fields: 500_000,
});

/** A domain's templates and place in its sequence. */
export interface Domain {
  readonly templates: Map<number, Template>;
  readonly expected: Expectation;
}

/** What is known of one exporter. */
export interface Exporter {
  readonly domains: Map<number, Domain>;
  /** By id over all domains; null where two domains mean different things by one id. */
  readonly anyDomain: Map<number, Template | null>;
  readonly sequence: SequenceTracker;
}

/** Templates of all exporters, bounded. */
export class TemplateCache {
  readonly #limits: CacheLimits;
  /** In order of last use. */
  readonly #exporters = new Map<string, Exporter>();
  #latest: { name: string; exporter: Exporter } | null = null;
  #fields = 0;

  constructor(limits: CacheLimits) {
    this.#limits = Object.freeze({ ...limits });
  }

  get exporters(): number {
    return this.#exporters.size;
  }

  /** The exporter of that name, begun when it is new. */
  exporter(name: string): Exporter {
    if (this.#latest !== null && this.#latest.name === name) return this.#latest.exporter;
    const exporter = this.#exporters.get(name) ?? newExporter();
    this.#exporters.delete(name);
    this.#exporters.set(name, exporter);
    this.#latest = { name, exporter };
    if (this.#exporters.size > this.#limits.exporters) this.#forgetOldest();
    return exporter;
  }

  /** The domain, begun when it is new; null when the exporter has too many. */
  domain(exporter: Exporter, id: number): Domain | null {
    const known = exporter.domains.get(id);
    if (known !== undefined) return known;
    if (exporter.domains.size >= this.#limits.domainsPerExporter) return null;
    const domain: Domain = { templates: new Map(), expected: { next: 0, known: false } };
    exporter.domains.set(id, domain);
    return domain;
  }

  /**
   * The template for a data set. Open vSwitch sends its templates in one domain and data in all, so an id that only
   * one of the exporter's domains has defined, or all in the same way, is good in every domain.
   */
  find(exporter: Exporter, domain: Domain, id: number): Template | null {
    return domain.templates.get(id) ?? exporter.anyDomain.get(id) ?? null;
  }

  /** @returns false when there is no room */
  define(exporter: Exporter, domain: Domain, template: Template): boolean {
    const old = domain.templates.get(template.id);
    if (old !== undefined && sameShape(old, template)) return true;
    const fields = this.#fields + template.fields.length - (old?.fields.length ?? 0);
    const full = old === undefined && domain.templates.size >= this.#limits.templatesPerDomain;
    if (full || fields > this.#limits.fields || template.fields.length > this.#limits.fieldsPerTemplate) return false;
    this.#fields = fields;
    domain.templates.set(template.id, template);
    this.#share(exporter, template.id);
    return true;
  }

  withdraw(exporter: Exporter, domain: Domain, id: number): void {
    const old = domain.templates.get(id);
    if (old === undefined) return;
    this.#fields -= old.fields.length;
    domain.templates.delete(id);
    this.#share(exporter, id);
  }

  /** Withdraws all templates, or all options templates, of a domain (RFC 7011, 8.1). */
  withdrawAll(exporter: Exporter, domain: Domain, isOptions: boolean): void {
    for (const template of [...domain.templates.values()]) {
      if (template.isOptions === isOptions) this.withdraw(exporter, domain, template.id);
    }
  }

  #share(exporter: Exporter, id: number): void {
    let shared: Template | null | undefined;
    for (const { templates } of exporter.domains.values()) {
      const template = templates.get(id);
      if (template === undefined) continue;
      if (shared === undefined) shared = template;
      else if (shared !== null && !sameShape(shared, template)) shared = null;
    }
    if (shared === undefined) exporter.anyDomain.delete(id);
    else exporter.anyDomain.set(id, shared);
  }

  #forgetOldest(): void {
    const [oldest] = this.#exporters;
    if (oldest === undefined) return;
    const [name, { domains }] = oldest;
    for (const { templates } of domains.values()) {
      for (const template of templates.values()) this.#fields -= template.fields.length;
    }
    this.#exporters.delete(name);
  }
}

function newExporter(): Exporter {
  return { domains: new Map(), anyDomain: new Map(), sequence: new SequenceTracker() };
}

function sameShape(a: Template, b: Template): boolean {
  if (a.fields.length !== b.fields.length || a.isOptions !== b.isOptions) return false;
  return a.fields.every((field, index) => {
    const other = b.fields[index]!;
    return field.id === other.id && field.length === other.length && field.enterprise === other.enterprise;
  });
}
