/** A shield with an open eye. Decorative: the product's name stands beside it. */
export function Logo() {
  return (
    <svg className="hv-logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="hv-logo__shield" d="M16 2 4 6.5v8.3c0 7.2 5 12.6 12 15.2 7-2.6 12-8 12-15.2V6.5Z" />
      <path className="hv-logo__eye" d="M6.5 16s3.6-5.5 9.5-5.5 9.5 5.5 9.5 5.5-3.6 5.5-9.5 5.5S6.5 16 6.5 16Z" />
      <circle className="hv-logo__shield" cx="16" cy="16" r="3.4" />
    </svg>
  );
}
