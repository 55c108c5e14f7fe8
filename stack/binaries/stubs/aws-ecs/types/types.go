// Package types declares the part of the ECS API's vocabulary that Traefik's ECS provider mentions.
package types

// The enumerations of the API, as far as they are mentioned.
type (
	DesiredStatus     string
	HealthStatus      string
	NetworkMode       string
	TransportProtocol string
)

// The mentioned values of the enumerations.
const (
	DesiredStatusRunning  DesiredStatus     = "RUNNING"
	HealthStatusHealthy   HealthStatus      = "HEALTHY"
	HealthStatusUnhealthy HealthStatus      = "UNHEALTHY"
	NetworkModeAwsvpc     NetworkMode       = "awsvpc"
	TransportProtocolTcp  TransportProtocol = "tcp"
)

// PortMapping is a port that a container definition publishes.
type PortMapping struct {
	ContainerPort *int32
	HostPort      *int32
	Protocol      TransportProtocol
}

// ContainerDefinition is the template of a container.
type ContainerDefinition struct {
	Name         *string
	DockerLabels map[string]string
	PortMappings []PortMapping
}

// TaskDefinition is the template of a task.
type TaskDefinition struct {
	ContainerDefinitions []ContainerDefinition
	NetworkMode          NetworkMode
}

// NetworkBinding is a published port of a running container.
type NetworkBinding struct {
	ContainerPort *int32
	HostPort      *int32
	Protocol      TransportProtocol
}

// NetworkInterface is a network interface of a running container.
type NetworkInterface struct {
	PrivateIpv4Address *string
	Ipv6Address        *string
}

// Container is a running container.
type Container struct {
	Name              *string
	NetworkBindings   []NetworkBinding
	NetworkInterfaces []NetworkInterface
}

// Attachment is a resource attached to a task.
type Attachment struct{}

// Task is a running task.
type Task struct {
	TaskArn              *string
	TaskDefinitionArn    *string
	ContainerInstanceArn *string
	Group                *string
	LastStatus           *string
	HealthStatus         HealthStatus
	Attachments          []Attachment
	Containers           []Container
}

// ContainerInstance is a machine that runs tasks.
type ContainerInstance struct {
	ContainerInstanceArn *string
	Ec2InstanceId        *string
}
