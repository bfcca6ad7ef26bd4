#!/bin/sh
ip addr add 192.168.50.1/24 dev br0
ip addr add 10.255.3.8/32 dev lo
