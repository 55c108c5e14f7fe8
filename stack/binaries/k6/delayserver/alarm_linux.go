package delayserver

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// alarm wakes one goroutine at an instant. Go's own timers are rounded up to whole milliseconds while a process is idle;
// a timer of the kernel that the network poller waits for is not.
type alarm struct{ file *os.File }

func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("timerfd_create", err)
	}
	return &alarm{file: os.NewFile(uintptr(fd), "timer")}, nil
}

// until returns at the instant, or earlier with the context's error.
func (a *alarm) until(ctx context.Context, instant time.Time) error {
	left := time.Until(instant)
	if left <= 0 {
		return ctx.Err()
	}
	if err := a.set(left); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = a.file.SetReadDeadline(time.Now()) })
	defer stop()
	var expirations [8]byte
	_, err := a.file.Read(expirations[:])
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (a *alarm) set(left time.Duration) error {
	connection, err := a.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = connection.Control(func(fd uintptr) {
		value := unix.NsecToTimespec(left.Nanoseconds())
		failed = os.NewSyscallError("timerfd_settime", unix.TimerfdSettime(int(fd), 0, &unix.ItimerSpec{Value: value}, nil))
	})
	if err != nil {
		return err
	}
	return failed
}

func (a *alarm) close() { _ = a.file.Close() }
