// Package ssm stands in for the Systems Manager client, a large package of a Traefik build: every call fails.
package ssm

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

var errLeftOut = errors.New("the ECS provider is not part of this build of Traefik")

// Client is a Systems Manager client without any operation.
type Client struct{}

// Options configures a Client.
type Options struct{}

// NewFromConfig makes a Client.
func NewFromConfig(aws.Config, ...func(*Options)) *Client { return &Client{} }

// DescribeInstanceInformationInput asks for managed machines.
type DescribeInstanceInformationInput struct {
	Filters []types.InstanceInformationStringFilter
}

// DescribeInstanceInformationOutput lists managed machines.
type DescribeInstanceInformationOutput struct {
	InstanceInformationList []types.InstanceInformation
}

// DescribeInstanceInformationPaginator fails on its first page.
type DescribeInstanceInformationPaginator struct{}

// NewDescribeInstanceInformationPaginator makes a paginator.
func NewDescribeInstanceInformationPaginator(*Client, *DescribeInstanceInformationInput) *DescribeInstanceInformationPaginator {
	return &DescribeInstanceInformationPaginator{}
}

// HasMorePages is true, so that the caller meets the error of NextPage.
func (*DescribeInstanceInformationPaginator) HasMorePages() bool { return true }

// NextPage always fails.
func (*DescribeInstanceInformationPaginator) NextPage(context.Context, ...func(*Options)) (*DescribeInstanceInformationOutput, error) {
	return nil, errLeftOut
}
