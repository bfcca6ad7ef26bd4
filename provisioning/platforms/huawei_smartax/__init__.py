"""Huawei SmartAX OLTs (MA5800, MA5600T): what is sent, what is read, how an ONT gets from one state to another."""
