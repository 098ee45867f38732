import { Asn, Country, type FlowEnd } from '@hypervigil/model';

/** Where an address is, as far as a file says so. */
export type Origin = Pick<FlowEnd, 'country' | 'asn' | 'organisation'>;

const MOST_OF_A_NAME = 128;

/**
 * Reads what a file says of an address. MaxMind and DB-IP write the country as `country.iso_code` and the autonomous system as
 * `autonomous_system_number`; IPinfo writes `country_code` (or `country`) and `asn` with `AS` before it. What is none of these is left out.
 */
export function originIn(record: unknown): Origin {
  const fields = fieldsOf(record);
  const country = Country.safeParse(
    fieldsOf(fields['country'])['iso_code'] ?? fields['country_code'] ?? fields['country'],
  ).data;
  const asn = Asn.safeParse(fields['autonomous_system_number'] ?? numberOf(fields['asn'])).data;
  const name = fields['autonomous_system_organization'] ?? fields['as_name'];
  return {
    ...(country !== undefined && { country }),
    ...(asn !== undefined && { asn }),
    ...(typeof name === 'string' && name !== '' && { organisation: name.slice(0, MOST_OF_A_NAME) }),
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function numberOf(text: unknown): number | undefined {
  const [, digits] = typeof text === 'string' ? (/^AS(\d{1,10})$/i.exec(text) ?? []) : [];
  return digits === undefined ? undefined : Number(digits);
}
