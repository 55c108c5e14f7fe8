// Package ec2 stands in for the EC2 client, the largest package of a Traefik build: every call fails.
package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var errLeftOut = errors.New("the ECS provider is not part of this build of Traefik")

// Client is an EC2 client without any operation.
type Client struct{}

// Options configures a Client.
type Options struct{}

// NewFromConfig makes a Client.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// DescribeInstancesInput asks for virtual machines.
type DescribeInstancesInput struct{ InstanceIds []string }

// DescribeInstancesOutput lists virtual machines.
type DescribeInstancesOutput struct{ Reservations []types.Reservation }

// DescribeInstancesPaginator fails on its first page.
type DescribeInstancesPaginator struct{}

// NewDescribeInstancesPaginator makes a paginator.
func NewDescribeInstancesPaginator(*Client, *DescribeInstancesInput) *DescribeInstancesPaginator {
	return &DescribeInstancesPaginator{}
}

// HasMorePages is true, so that the caller meets the error of NextPage.
func (*DescribeInstancesPaginator) HasMorePages() bool { return true }

// NextPage always fails.
func (*DescribeInstancesPaginator) NextPage(context.Context, ...func(*Options)) (*DescribeInstancesOutput, error) {
	return nil, errLeftOut
}
