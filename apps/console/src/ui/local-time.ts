const two = (value: number) => String(value).padStart(2, '0');

/** An instant as a field of type `datetime-local` has it: in the reader's zone, to the minute. */
export function toLocal(instant: string | null): string {
  if (instant === null) return '';
  const at = new Date(instant);
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant of what stands in such a field; null of an empty one, or of one that is half filled. */
export function fromLocal(text: string): string | null {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
