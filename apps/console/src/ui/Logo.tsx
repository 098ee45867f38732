/** A shield with an open eye. Decorative: the product's name stands beside it. */
export function Logo() {
  return (
    <svg className="hv-logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="hv-logo__shield" d="M16 2 4 6.5v8.3c0 7.2 5 12.600 12 15.200 7-2.600 12-8 12-15.200V6.500Z" />
      <path
        className="hv-logo__eye"
        d="M6.500 16s3.600-5.500 9.500-5.500 9.500 5.500 9.500 5.500-3.600 5.500-9.500 5.500S6.500 16 6.500 16Z"
      />
      <circle className="hv-logo__shield" cx="16" cy="16" r="3.400" />
    </svg>
  );
}
