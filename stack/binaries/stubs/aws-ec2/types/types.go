// Package types declares the part of the EC2 API's vocabulary that Traefik's ECS provider mentions.
package types

// InstanceStateName is the state of a virtual machine.
type InstanceStateName string

// InstanceStateNameRunning is the state of a virtual machine that runs.
const InstanceStateNameRunning InstanceStateName = "running"

// InstanceState is the state of a virtual machine.
type InstanceState struct{ Name InstanceStateName }

// Instance is a virtual machine.
type Instance struct {
	InstanceId       *string
	PrivateIpAddress *string
	State            *InstanceState
}

// Reservation is a group of virtual machines.
type Reservation struct{ Instances []Instance }
