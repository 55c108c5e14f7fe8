// Package ext stands in for an unpublished Traefik module that only declares two empty extension points.
package ext

// HTTP is the extension point of the dynamic HTTP configuration.
type HTTP struct{}

// Router is the extension point of a router.
type Router struct{}
