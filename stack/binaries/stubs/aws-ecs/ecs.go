// Package ecs stands in for the ECS client, a large package of a Traefik build: every call fails.
package ecs

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

var errLeftOut = errors.New("the ECS provider is not part of this build of Traefik")

// Client is an ECS client whose operations fail.
type Client struct{}

// Options configures a Client.
type Options struct{}

// NewFromConfig makes a Client.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// The inputs and outputs of the operations, as far as they are mentioned.
type (
	DescribeContainerInstancesInput struct {
		Cluster            *string
		ContainerInstances []string
	}
	DescribeContainerInstancesOutput struct{ ContainerInstances []types.ContainerInstance }
	DescribeTaskDefinitionInput      struct{ TaskDefinition *string }
	DescribeTaskDefinitionOutput     struct{ TaskDefinition *types.TaskDefinition }
	DescribeTasksInput               struct {
		Cluster *string
		Tasks   []string
	}
	DescribeTasksOutput struct{ Tasks []types.Task }
	ListClustersInput   struct{}
	ListClustersOutput  struct{ ClusterArns []string }
	ListTasksInput      struct {
		Cluster       *string
		DesiredStatus types.DesiredStatus
	}
	ListTasksOutput struct{ TaskArns []string }
)

// DescribeContainerInstances always fails.
func (*Client) DescribeContainerInstances(context.Context, *DescribeContainerInstancesInput, ...func(*Options)) (*DescribeContainerInstancesOutput, error) {
	return nil, errLeftOut
}

// DescribeTaskDefinition always fails.
func (*Client) DescribeTaskDefinition(context.Context, *DescribeTaskDefinitionInput, ...func(*Options)) (*DescribeTaskDefinitionOutput, error) {
	return nil, errLeftOut
}

// DescribeTasks always fails.
func (*Client) DescribeTasks(context.Context, *DescribeTasksInput, ...func(*Options)) (*DescribeTasksOutput, error) {
	return nil, errLeftOut
}

// ListClustersPaginator fails on its first page.
type ListClustersPaginator struct{}

// NewListClustersPaginator makes a paginator.
func NewListClustersPaginator(*Client, *ListClustersInput) *ListClustersPaginator {
	return &ListClustersPaginator{}
}

// HasMorePages is true, so that the caller meets the error of NextPage.
func (*ListClustersPaginator) HasMorePages() bool { return true }

// NextPage always fails.
func (*ListClustersPaginator) NextPage(context.Context, ...func(*Options)) (*ListClustersOutput, error) {
	return nil, errLeftOut
}

// ListTasksPaginator fails on its first page.
type ListTasksPaginator struct{}

// NewListTasksPaginator makes a paginator.
func NewListTasksPaginator(*Client, *ListTasksInput) *ListTasksPaginator {
	return &ListTasksPaginator{}
}

// HasMorePages is true, so that the caller meets the error of NextPage.
func (*ListTasksPaginator) HasMorePages() bool { return true }

// NextPage always fails.
func (*ListTasksPaginator) NextPage(context.Context, ...func(*Options)) (*ListTasksOutput, error) {
	return nil, errLeftOut
}
