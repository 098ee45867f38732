import { HOST_SERVICES, type HostService, type Service } from '@hypervigil/model';

/** Services with the names of the catalogue looked up. */
export function servicesOf(services: readonly HostService[]): Service[] {
  return services.flatMap((service) => (typeof service === 'string' ? [...HOST_SERVICES[service]] : [service]));
}
