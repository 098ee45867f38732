/**
 * Who may do what. Whatever no policy permits is denied, and a `forbid` wins over every `permit`: what tenants and the
 * provider's separate powers rely on is forbidden in so many words, and does not rest on a permit's absence. `@denial` is
 * the reason that people are told (core/model `DENIALS`).
 */
export const POLICIES = /* cedar */ `
// ===== what people may =====
@id("p.self")
permit (principal, action in Hypervigil::Action::"self", resource);

@id("p.bootstrap")
permit (principal, action, resource) when { principal.duty == "bootstrap" };

@id("p.provider.observe")
permit (principal, action in Hypervigil::Action::"observe", resource)
when { ["system", "security", "audit"].contains(principal.duty) };

@id("p.system")
permit (principal, action in [Hypervigil::Action::"operate", Hypervigil::Action::"administer"], resource)
when { principal.duty == "system" };

@id("p.security")
permit (principal, action in Hypervigil::Action::"secure", resource) when { principal.duty == "security" };

@id("p.audit")
permit (principal, action in Hypervigil::Action::"audit", resource) when { principal.duty == "audit" };

// The shared things of the provider, as far as they concern a tenant.
@id("p.tenant.shared")
permit (principal, action in Hypervigil::Action::"shared", resource)
when { ["tenant-admin", "tenant-member"].contains(principal.duty) };

@id("p.tenant.own")
permit (principal, action in [Hypervigil::Action::"observe", Hypervigil::Action::"audit", Hypervigil::Action::"operate",
  Hypervigil::Action::"content", Hypervigil::Action::"group:write", Hypervigil::Action::"address-set:write", Hypervigil::Action::"policy:write",
  Hypervigil::Action::"policy:publish", Hypervigil::Action::"policy:approve", Hypervigil::Action::"alert:write",
  Hypervigil::Action::"notification:write", Hypervigil::Action::"account:write"], resource)
when { principal.duty == "tenant-admin" && principal has tenant && resource has tenant && principal.tenant == resource.tenant };

@id("p.member.own")
permit (principal, action in [Hypervigil::Action::"observe", Hypervigil::Action::"operate"], resource)
when { principal.duty == "tenant-member" && principal has tenant && resource has tenant && principal.tenant == resource.tenant };

// Who has the whole tenant for a scope writes drafts and groups for it and works on its alerts; publishing is an administrator's.
@id("p.member.draft")
permit (principal, action in [Hypervigil::Action::"group:write", Hypervigil::Action::"address-set:write",
  Hypervigil::Action::"policy:write", Hypervigil::Action::"alert:write"], resource)
when { principal.duty == "tenant-member" && !principal.limited &&
  principal has tenant && resource has tenant && principal.tenant == resource.tenant };

// ===== what nobody may =====
@id("f.disabled") @denial("disabled")
forbid (principal, action, resource) when { principal.disabled };

@id("f.otherTenant") @denial("other-tenant")
forbid (principal, action, resource)
when { principal has tenant && resource has tenant && principal.tenant != resource.tenant };

@id("f.providersOwn") @denial("provider-only")
forbid (principal, action, resource)
when { principal has tenant && !(resource has tenant) }
unless { action in Hypervigil::Action::"shared" };

// A tenant's duty without a tenant, or a provider's duty with one, is nobody's.
@id("f.noTenant") @denial("duty")
forbid (principal, action, resource)
when { ["tenant-admin", "tenant-member"].contains(principal.duty) != (principal has tenant) };

@id("f.cloudWide") @denial("provider-only")
forbid (principal, action in [Hypervigil::Action::"administer", Hypervigil::Action::"policy:analyse",
  Hypervigil::Action::"policy:rewrite", Hypervigil::Action::"policy:govern", Hypervigil::Action::"vm:quarantine", Hypervigil::Action::"gateway-group:write",
  Hypervigil::Action::"catalogue:write", Hypervigil::Action::"assertion:read", Hypervigil::Action::"assertion:write",
  Hypervigil::Action::"alert:arrange", Hypervigil::Action::"alert:respond"], resource)
when { principal has tenant };

// The provider's people run the cloud, and do not listen to what is said in it.
@id("f.content") @denial("duty")
forbid (principal, action in Hypervigil::Action::"content", resource)
when { !(principal has tenant) && principal.duty != "bootstrap" };

@id("f.providerTier") @denial("provider-tier")
forbid (principal, action in [Hypervigil::Action::"policy:write", Hypervigil::Action::"policy:publish",
  Hypervigil::Action::"policy:approve"], resource is Hypervigil::Policy)
when { principal has tenant && resource.tier != "tenant" };

@id("f.scope.vm") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::VM) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.group") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::Group) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.network") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::Network) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.flow") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::Flow) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.alert") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::Alert) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.task") @denial("out-of-scope")
forbid (principal, action, resource is Hypervigil::Task) when { principal.limited } unless { resource in principal.scope };
@id("f.scope.write") @denial("out-of-scope")
forbid (principal, action in Hypervigil::Action::"secure", resource) when { principal.limited };

@id("f.ownAccount") @denial("own-account")
forbid (principal, action == Hypervigil::Action::"account:write", resource is Hypervigil::Account)
when { principal == resource.user };

@id("f.delegation") @denial("beyond-own-rights")
forbid (principal, action == Hypervigil::Action::"account:write", resource is Hypervigil::Account)
when { principal.duty != "bootstrap" }
unless { resource.duty != "bootstrap" &&
  (!(principal has tenant) || (resource has tenant && ["tenant-admin", "tenant-member"].contains(resource.duty))) };

// What a route tells is of all VMs of its tenant.
@id("f.members") @denial("duty")
forbid (principal, action in [Hypervigil::Action::"account:read", Hypervigil::Action::"account:write",
  Hypervigil::Action::"notification:read", Hypervigil::Action::"notification:write",
  Hypervigil::Action::"content", Hypervigil::Action::"audit", Hypervigil::Action::"policy:publish", Hypervigil::Action::"policy:approve"], resource)
when { principal.duty == "tenant-member" };

// Three separate powers.
@id("f.sod.system") @denial("duty")
forbid (principal, action in [Hypervigil::Action::"secure", Hypervigil::Action::"audit"], resource)
when { principal.duty == "system" };

@id("f.sod.security") @denial("duty")
forbid (principal, action in [Hypervigil::Action::"administer", Hypervigil::Action::"operate", Hypervigil::Action::"audit"], resource)
when { principal.duty == "security" };

@id("f.sod.audit") @denial("duty")
forbid (principal, action, resource)
when { principal.duty == "audit" }
unless { action in [Hypervigil::Action::"observe", Hypervigil::Action::"audit", Hypervigil::Action::"self"] };
`;
