// Package types declares the part of the Systems Manager API's vocabulary that Traefik's ECS provider mentions.
package types

// InstanceInformation is a managed machine.
type InstanceInformation struct {
	InstanceId *string
	IPAddress  *string
}

// InstanceInformationStringFilter selects managed machines.
type InstanceInformationStringFilter struct {
	Key    *string
	Values []string
}
