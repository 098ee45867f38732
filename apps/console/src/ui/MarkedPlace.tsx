const CONTEXT = 40;

/** Some of the text on both sides of a character; the message beside it says the place in words. */
export function MarkedPlace({ text, at }: { readonly text: string; readonly at: number }) {
  const start = Math.max(0, at - CONTEXT);
  return (
    <code className="hv-marked" aria-hidden="true">
      {start > 0 && '…'}
      {text.slice(start, at)}
      <mark>{text.slice(at, at + 1) || ' '}</mark>
      {text.slice(at + 1, at + CONTEXT)}
    </code>
  );
}
