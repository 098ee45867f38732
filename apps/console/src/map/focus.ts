import type { Flow } from '@hypervigil/model';
import { useSyncExternalStore } from 'react';
import type { Scene, SceneLink } from './scene.ts';

const REST_MS = 60;

/**
 * What is pointed at, and what belongs to it: the rest of the picture stands back. Outside of React's state, because
 * the pointer crosses lines faster than a thousand cards can be drawn.
 */
export class MapFocus {
  #scene: Scene | undefined;
  #selected: string | undefined;
  #hovered: string | undefined;
  #pointed: ReadonlySet<string> | undefined;
  #near: ReadonlySet<string> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
  readonly any = () => this.#near !== undefined;
  readonly hovered = () => this.#hovered;
  /** The line under the pointer, if it is one. */
  readonly hoveredLink = (): SceneLink | undefined =>
    this.#hovered === undefined ? undefined : this.#scene?.links.find(({ id }) => id === this.#hovered);
  isNear(id: string): boolean {
    return this.#near?.has(id) === true;
  }

  show(scene: Scene, selected: string | undefined): void {
    this.#scene = scene;
    this.#selected = selected;
    this.#tell();
  }
  /** After a moment's rest: a pointer on its way across the picture must not make every line of it flash. */
  hover(id: string | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#hovered = id;
      this.#tell();
    }, REST_MS);
  }
  /** A flow that the table points at: its line and its ends. */
  point(flow: Flow | undefined): void {
    this.#pointed = flow === undefined ? undefined : this.#ofFlow(flow);
    this.#tell();
  }

  #tell(): void {
    this.#near = this.#pointed ?? this.#around(this.#hovered ?? this.#selected);
    for (const listener of this.#listeners) listener();
  }

  #ofFlow({ src, dst, protocol, verdict }: Flow): ReadonlySet<string> {
    const link = this.#scene?.links.find((one) =>
      one.edges.some(
        (edge) =>
          edge.src.ip === src.ip &&
          edge.dst.ip === dst.ip &&
          edge.protocol === protocol &&
          edge.port === dst.port &&
          edge.verdict === verdict,
      ),
    );
    return new Set(link === undefined ? [src.vmId ?? '', dst.vmId ?? ''] : [link.id, link.source, link.target]);
  }

  #around(focus: string | undefined): ReadonlySet<string> | undefined {
    if (focus === undefined || this.#scene === undefined) return undefined;
    const near = new Set([focus]);
    for (const { id, source, target } of this.#scene.links)
      if (id === focus || source === focus || target === focus) for (const one of [id, source, target]) near.add(one);
    const shown = near.size > 1 || this.#scene.containers.some(({ nodes }) => nodes.some(({ id }) => id === focus));
    return shown ? near : undefined;
  }
}

export const useNear = (focus: MapFocus, id: string) => useSyncExternalStore(focus.subscribe, () => focus.isNear(id));
export const useHovered = (focus: MapFocus, id: string) =>
  useSyncExternalStore(focus.subscribe, () => focus.hovered() === id);
export const useHoveredLink = (focus: MapFocus) => useSyncExternalStore(focus.subscribe, focus.hoveredLink);
