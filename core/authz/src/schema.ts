/**
 * What is asked about, in Cedar's schema language. Actions are the permissions of core/model (`PERMISSIONS`), each in the groups that
 * policies speak of; a test holds the two lists against each other.
 */
export const SCHEMA = /* cedar */ `
namespace Hypervigil {
  entity Tenant;
  // A security group or a network as a part of a tenant, by which a member's rights are limited.
  entity Part;

  entity User {
    duty: String,           // core/model DUTIES
    tenant?: Tenant,        // of a tenant's people only
    limited: Bool,          // to the parts in scope
    scope: Set<Part>,
    disabled: Bool,
  };

  // tenant: whose it is; what has none is the provider's.
  entity Platform;
  entity Host;
  entity Exporter;
  entity Gateway;
  entity GatewayGroup { tenant?: Tenant };
  entity Mirror { tenant?: Tenant };
  entity Capture { tenant?: Tenant };
  entity VM in [Part] { tenant?: Tenant };
  entity Network in [Part] { tenant?: Tenant };
  entity Group in [Part] { tenant?: Tenant };
  entity AddressSet { tenant?: Tenant };
  entity TenantRecord { tenant?: Tenant };
  entity Catalogue;
  entity Assertion { tenant?: Tenant };
  entity Limit;
  entity Policy { tenant?: Tenant, tier: String };
  entity Flow in [Part] { tenant?: Tenant };
  entity Alert in [Part] { tenant?: Tenant };
  entity Detector;
  entity Playbook;
  entity Notification { tenant?: Tenant };
  entity Task in [Part] { tenant?: Tenant };
  entity AuditEntry { tenant?: Tenant };
  entity Account { tenant?: Tenant, duty: String, user: User };

  // "observe": what is there and in what state. "operate": the life of VMs. "administer": the provider's machines and
  // whose things are. "secure": what protects. "audit": who did what. "self": one's own session.
  action "observe", "operate", "administer", "secure", "audit", "self";
  // "content": what a tenant's VMs say to each other, and who else hears it.
  action "content";
  // Of what has no tenant, a tenant's people may come near these only.
  action "shared";

  action "session:own" in ["self", "shared"] appliesTo { principal: [User], resource: [Platform] };
  action "platform:watch" in ["observe", "shared"] appliesTo { principal: [User], resource: [Platform] };

  action "host:read" in ["observe"] appliesTo { principal: [User], resource: [Host] };
  action "host:administer" in ["administer"] appliesTo { principal: [User], resource: [Host] };
  action "host:secure" in ["secure"] appliesTo { principal: [User], resource: [Host] };

  action "exporter:read" in ["observe"] appliesTo { principal: [User], resource: [Exporter] };
  action "exporter:write" in ["administer"] appliesTo { principal: [User], resource: [Exporter] };

  action "gateway:read" in ["observe"] appliesTo { principal: [User], resource: [Gateway] };
  action "gateway:administer" in ["administer"] appliesTo { principal: [User], resource: [Gateway] };
  action "gateway-group:read" in ["observe", "shared"] appliesTo { principal: [User], resource: [GatewayGroup] };
  action "gateway-group:write" in ["secure"] appliesTo { principal: [User], resource: [GatewayGroup] };

  action "mirror:read" in ["observe"] appliesTo { principal: [User], resource: [Mirror] };
  action "mirror:write" in ["content"] appliesTo { principal: [User], resource: [Mirror] };
  action "capture:list" in ["observe"] appliesTo { principal: [User], resource: [Capture] };
  action "capture:take", "capture:read" in ["content"] appliesTo { principal: [User], resource: [Capture] };

  action "vm:read" in ["observe"] appliesTo { principal: [User], resource: [VM] };
  action "vm:operate" in ["operate"] appliesTo { principal: [User], resource: [VM] };
  action "vm:migrate", "vm:assign" in ["administer"] appliesTo { principal: [User], resource: [VM] };
  action "vm:quarantine" in ["secure"] appliesTo { principal: [User], resource: [VM] };

  action "network:read" in ["observe", "shared"] appliesTo { principal: [User], resource: [Network] };
  action "network:write" in ["administer"] appliesTo { principal: [User], resource: [Network] };
  action "tenant:read" in ["observe"] appliesTo { principal: [User], resource: [TenantRecord] };
  action "tenant:write" in ["administer"] appliesTo { principal: [User], resource: [TenantRecord] };

  action "group:read" in ["observe"] appliesTo { principal: [User], resource: [Group] };
  action "group:write" in ["secure"] appliesTo { principal: [User], resource: [Group] };
  action "address-set:read" in ["observe", "shared"] appliesTo { principal: [User], resource: [AddressSet] };
  action "address-set:write" in ["secure"] appliesTo { principal: [User], resource: [AddressSet] };
  action "catalogue:read" in ["observe", "shared"] appliesTo { principal: [User], resource: [Catalogue] };
  action "catalogue:write" in ["secure"] appliesTo { principal: [User], resource: [Catalogue] };
  action "assertion:read" in ["observe"] appliesTo { principal: [User], resource: [Assertion] };
  action "assertion:write" in ["secure"] appliesTo { principal: [User], resource: [Assertion] };

  action "limit:read" in ["observe"] appliesTo { principal: [User], resource: [Limit] };
  action "limit:write" in ["secure"] appliesTo { principal: [User], resource: [Limit] };

  action "policy:read" in ["observe", "shared"] appliesTo { principal: [User], resource: [Policy] };
  action "policy:analyse" in ["observe"] appliesTo { principal: [User], resource: [Policy] };
  action "policy:write", "policy:publish", "policy:approve", "policy:rewrite", "policy:govern" in ["secure"]
    appliesTo { principal: [User], resource: [Policy] };

  action "flow:read" in ["observe"] appliesTo { principal: [User], resource: [Flow] };
  action "alert:read" in ["observe"] appliesTo { principal: [User], resource: [Alert] };
  action "alert:write", "alert:arrange", "alert:respond" in ["secure"] appliesTo { principal: [User], resource: [Alert] };
  action "detector:read" in ["observe"] appliesTo { principal: [User], resource: [Detector] };
  action "detector:write" in ["secure"] appliesTo { principal: [User], resource: [Detector] };
  action "playbook:read" in ["observe"] appliesTo { principal: [User], resource: [Playbook] };
  action "playbook:write" in ["secure"] appliesTo { principal: [User], resource: [Playbook] };
  action "notification:read" in ["observe"] appliesTo { principal: [User], resource: [Notification] };
  action "notification:write" in ["secure"] appliesTo { principal: [User], resource: [Notification] };
  action "task:read" in ["observe"] appliesTo { principal: [User], resource: [Task] };
  action "audit:read" in ["audit"] appliesTo { principal: [User], resource: [AuditEntry] };

  action "account:read" in ["observe"] appliesTo { principal: [User], resource: [Account] };
  action "account:write" in ["secure"] appliesTo { principal: [User], resource: [Account] };
}
`;
